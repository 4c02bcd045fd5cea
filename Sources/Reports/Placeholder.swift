// Filled by the split of the commands' module.
