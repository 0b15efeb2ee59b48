# Parameters of diff2d, one `name = value;` per line. Python can read this file as well.
D        = 1.0;       # diffusion constant
x1       = -10.0;     # left end of the domain
x2       = 10.0;      # right end of the domain
runtime  = 15.0;      # how long to simulate
dx       = 0.0667;    # spatial resolution
outtime  = 0.5;       # time between two outputs
graphics = False;     # whether to draw the result
