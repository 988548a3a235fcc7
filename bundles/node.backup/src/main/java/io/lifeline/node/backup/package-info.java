/**
 * The second Node: created with its taints, kept alive by its Lease, and told to be over at the
 * end.
 *
 * <p>A node may create itself, patch its status and renew its Lease; it may not change its taints
 * later, nor delete itself. So the taints are in the first create, and the end is a Ready condition
 * with a reason that the operator acts on.
 */
package io.lifeline.node.backup;
