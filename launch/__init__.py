"""What `./kernkaart` does before a single dependency exists: standard library only, one module per noun.

places          where everything lives in a checkout and in a deployment
progress        timed lines, the log of a set-up, and how a step fails
process         running other programs with their output in that log
hold            the locks that keep two commands out of each other's way
stamps          what is done already
apt             packages of the machine, with and without root
python_env      the Python environment, from a lock file
node, frontend  Node, and the front end that it builds
binaries        which PostgreSQL + PostGIS, installed where it may be
rootless        the same, unpacked into the checkout by somebody without rights
cluster         one PostgreSQL server: made, started, repaired, stopped
database        the private cluster of a deployment and the database in it
app             the running application
checks          everything that `./kernkaart test` checks
locks           making the lock files anew
commands        the words a user can type
container       what the Docker image starts with
"""
