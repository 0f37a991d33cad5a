{{- define "sallyport.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "sallyport.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: gateway
{{- end }}

{{- define "sallyport.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "sallyport.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- /* The file of the gateway: what the values say, and what the chart itself decides. */ -}}
{{- define "sallyport.file" -}}
{{- $own := dict "listen" (dict "host" "0.0.0.0" "port" 8080) "management" (dict "host" "0.0.0.0" "port" 9464) "dataDir" "/data" "masterKeyFile" "/run/secrets/sallyport/master-key" -}}
{{- if .Values.secrets.tls }}
{{- $_ := set $own.listen "tls" (dict "cert" "/run/secrets/tls/tls.crt" "key" "/run/secrets/tls/tls.key") }}
{{- end }}
{{- toYaml (mergeOverwrite (deepCopy .Values.config) $own) }}
{{- end }}

{{- /* What every pod of the chart may and may not, and what it mounts; the context is a dictionary of root and file. */ -}}
{{- define "sallyport.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 1000
  runAsGroup: 1000
  fsGroup: 1000
  seccompProfile:
    type: RuntimeDefault
volumes:
  - name: file
    configMap:
      name: {{ .file }}
  - name: master-key
    secret:
      secretName: {{ .root.Values.secrets.masterKey.name }}
      defaultMode: 0440
      items:
        - key: {{ .root.Values.secrets.masterKey.key }}
          path: master-key
  - name: data
    emptyDir: {}
  - name: temporary
    emptyDir: {}
  {{- if .root.Values.secrets.tls }}
  - name: tls
    secret:
      secretName: {{ .root.Values.secrets.tls }}
      defaultMode: 0440
  {{- end }}
{{- end }}

{{- define "sallyport.container" -}}
image: {{ include "sallyport.image" . }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
env:
  - name: SALLYPORT_CONFIG
    value: /etc/sallyport/sallyport.yaml
{{- with .Values.secrets.environment }}
envFrom:
  - secretRef:
      name: {{ . }}
{{- end }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
volumeMounts:
  - { name: file, mountPath: /etc/sallyport, readOnly: true }
  - { name: master-key, mountPath: /run/secrets/sallyport, readOnly: true }
  - { name: data, mountPath: /data }
  - { name: temporary, mountPath: /tmp }
  {{- if .Values.secrets.tls }}
  - { name: tls, mountPath: /run/secrets/tls, readOnly: true }
  {{- end }}
{{- end }}
