/** The debug proxy: its Deployment, its Service, its certificate; and the project's authority. */
package io.lifeline.operator.proxy;
