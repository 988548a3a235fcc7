/**
 * Who is calling the kubelet API, and may they: client certificates against the cluster's client
 * authority, bearer tokens by TokenReview, everything by SubjectAccessReview.
 *
 * <p>The API server decides; nothing is allowed here by name or by group. What cannot be found out
 * is a no. Answers are remembered for seconds only, and nothing outlives a rescue.
 */
package io.lifeline.security.delegated;
