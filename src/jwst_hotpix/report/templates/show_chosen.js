// One button per entry of `shown`, and perhaps one more for all of them.
shown.forEach((models, number) => {
  for (const model of models) model.visible = [number, shown.length].includes(cb_obj.active);
});
