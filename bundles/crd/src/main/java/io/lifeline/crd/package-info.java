/** NodeDebug: spec, status, conditions. */
package io.lifeline.crd;
