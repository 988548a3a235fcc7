/** The one debug pod: its checks, its status, create and delete. */
package io.lifeline.debugpod;
