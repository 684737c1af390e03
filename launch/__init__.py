"""What ``./kernkaart`` does before a single dependency exists: standard library only, one module per noun.

commands     the words a user can type
deployment   up, down, and passing a word on to the application
status       what runs where
watch        the logs
reset        letting go of a deployment's data
checks       everything that ``./kernkaart test`` checks
measure      one benchmark, on a server that is thrown away
locks        making the lock files anew

python_env   the Python environment, from a lock file
frontend     Node, and the front end that it builds
binaries     which PostgreSQL with PostGIS, installed where it may be
rootless     the same, unpacked into the checkout by somebody without rights
cluster      one PostgreSQL server: made, started, repaired
postmaster   the server of a data folder: whether it runs, and stopping it
database     the private cluster of a deployment and the database in it
opening      to whom the database is open: QGIS elsewhere
tls          the certificate and the rules with which it is open
contents     the tables, the demo and the stored results
application  the running application
chromium     the browser of the browser tests
qgis         QGIS, for its tests
container    what the Docker image starts with

places       where everything lives in a checkout and in a deployment
progress     timed lines, the log of a set-up, and how a step fails
process      running other programs with their output in that log
hold         the locks that keep two commands out of each other's way
stamps       what is done already
ports        which ports are free, and who has one that is not
apt          packages of the machine, with and without root
"""
