/** The bootstrap kubeconfigs: given or minted, kept in one Secret, and whose identity they are. */
package io.lifeline.operator.bootstrap;
