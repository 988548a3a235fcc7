# Makes the chart's templates from container/manifests: each rule puts a value in the place of its default.
# build.sh sees to it that no default is left over; the tests, that the chart's own defaults lead back to the manifests.

# 00-namespaces.yaml: the two by name; elsewhere they are only referred to.
s|^  name: lifeline-system$|  name: {{ .Values.namespace }}|
/^kind: Namespace$/,/^---$/s|^  name: lifeline-bootstrap$|  name: {{ .Values.bootstrapNamespace }}|
s|\(namespace: \)lifeline-system|\1{{ .Values.namespace }}|
s|\(namespace: \)lifeline-bootstrap|\1{{ .Values.bootstrapNamespace }}|
s|system:serviceaccounts:lifeline-bootstrap|system:serviceaccounts:{{ .Values.bootstrapNamespace }}|

# 30-operator.yaml, 40-agent.yaml
s|"lifeline-system"|"{{ .Values.namespace }}"|
s|"lifeline-bootstrap"|"{{ .Values.bootstrapNamespace }}"|
s|"lifeline.local/lifeline:0.1.0"|"{{ .Values.image }}"|
s|imagePullPolicy: IfNotPresent|imagePullPolicy: {{ .Values.imagePullPolicy }}|
s|"30843"|{{ .Values.proxy.nodePort \| quote }}|
s|{name: LIFELINE_SSH, value: "false"}|{name: LIFELINE_SSH, value: {{ .Values.agent.ssh \| quote }}}|
s|replicas: 2|replicas: {{ .Values.operator.replicas }}|
s|maxUnavailable: 25%|maxUnavailable: {{ .Values.agent.maxUnavailable }}|
s|resources: {requests: {cpu: 50m, memory: 96Mi}, limits: {memory: 256Mi}}|resources: {{ toJson .Values.operator.resources }}|
s|resources: {requests: {cpu: 10m, memory: 96Mi}}|resources: {{ toJson .Values.agent.resources }}|
/{name: LIFELINE_OPERATOR_PROXY_NODEPORT/a\
            {{- range $name, $value := .Values.operator.env }}\
            - name: {{ $name }}\
              value: {{ $value | quote }}\
            {{- end }}
/{name: LIFELINE_NODE_CREDENTIAL_PROXY_PORT/a\
            {{- range $name, $value := .Values.agent.env }}\
            - name: {{ $name }}\
              value: {{ $value | quote }}\
            {{- end }}

# policies/disruption.yaml: its name before Kubernetes 1.21.
/^apiVersion: policy\/v1$/{
    i\
{{- if .Capabilities.APIVersions.Has "policy/v1/PodDisruptionBudget" }}
    a\
{{- else }}\
apiVersion: policy/v1beta1\
{{- end }}
}
