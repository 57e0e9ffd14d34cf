"""Recipe of the expression model: a ResNet18 for 48x48 grey faces, shipped in int8."""
