"""A receipt printer, where the site has one."""
