/** The second Node: taints, Lease, status, end. */
package io.lifeline.node.backup;
