/** Which NodeDebug has which worker. */
package io.lifeline.operator.claim;
