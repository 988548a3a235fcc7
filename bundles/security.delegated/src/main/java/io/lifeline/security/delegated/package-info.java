/** Who is calling the kubelet API: client certificates, TokenReview, SubjectAccessReview. */
package io.lifeline.security.delegated;
