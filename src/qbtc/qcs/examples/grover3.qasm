// Grover's search for 111 among 8, two rounds: found with probability 0.945.
OPENQASM 2.0;
include "qelib1.inc";
gate oracle a,b,c { h c; ccx a,b,c; h c; }
gate diffuse a,b,c { h a; h b; h c; x a; x b; x c; oracle a,b,c; x a; x b; x c; h a; h b; h c; }
qreg q[3];
creg c[3];
h q;
oracle q[0],q[1],q[2];
diffuse q[0],q[1],q[2];
oracle q[0],q[1],q[2];
diffuse q[0],q[1],q[2];
measure q -> c;
