using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Kubernetes.Connection;

/// <summary>A credential plugin as kubeconfig names it (client.authentication.k8s.io v1 and v1beta1), and one run of it.</summary>
internal sealed record ExecPlugin(string ApiVersion, string Command, IReadOnlyList<string> Arguments, IReadOnlyList<(string Name, string Value)> Variables, JsonObject? Cluster)
{
    private const string Prefix = "client.authentication.k8s.io/";

    /// <summary>A plugin that wants a browser or a terminal hangs here.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    public static ExecPlugin Read(JsonObject exec, KubeConfigEntry user, KubeConfigEntry cluster)
    {
        var version = exec.String("apiVersion") ?? "";
        if (version is not (Prefix + "v1" or Prefix + "v1beta1"))
        {
            throw new KubeConfigException($"{user.File}: exec.apiVersion '{version}' is not supported; use {Prefix}v1.");
        }

        if (exec.String("interactiveMode") == "Always")
        {
            throw new KubeConfigException($"{user.File}: the exec plugin is interactive, but this program has no terminal to give it; use interactiveMode: Never.");
        }

        var command = exec.String("command") is { Length: > 0 } text ? text : throw new KubeConfigException($"{user.File}: exec.command is missing.");
        var provide = exec["provideClusterInfo"] is JsonValue value && value.TryGetValue(out bool flag) && flag;
        return new ExecPlugin(
            version,
            command.Contains('/', StringComparison.Ordinal) ? Path.GetFullPath(command, user.Folder) : command,
            [.. (exec.Array("args") ?? []).Select(a => a?.GetValue<string>() ?? "")],
            [.. (exec.Array("env") ?? []).OfType<JsonObject>().Select(e => (e.String("name") ?? "", e.String("value") ?? ""))],
            provide ? ClusterInfo(cluster) : null);
    }

    /// <summary>Runs it once. Its errors go to our standard error, as with kubectl: they may say what no log should keep.</summary>
    public async Task<(Credential Credential, DateTimeOffset? Expires)> RunAsync(X509Certificate2? fallback, TimeProvider time, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var process = Start();
        try
        {
            process.StandardInput.Close();
            var output = await process.StandardOutput.ReadToEndAsync(either.Token);
            await process.WaitForExitAsync(either.Token);
            return process.ExitCode == 0
                ? Parse(output, fallback)
                : throw new HttpRequestException($"The credential plugin {Command} failed with exit code {process.ExitCode}.");
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw new HttpRequestException($"The credential plugin {Command} did not end within {Limit.TotalSeconds:0} s.");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private Process Start()
    {
        var start = new ProcessStartInfo(Command, Arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var (name, value) in Variables)
        {
            start.Environment[name] = value;
        }

        var spec = new JsonObject { ["interactive"] = false };
        if (Cluster is not null)
        {
            spec["cluster"] = Cluster.DeepClone();
        }

        start.Environment["KUBERNETES_EXEC_INFO"] = KubernetesJson.ToText(
            new JsonObject { ["kind"] = "ExecCredential", ["apiVersion"] = ApiVersion, ["spec"] = spec });
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new HttpRequestException($"The credential plugin {Command} cannot be started: {e.Message}", e);
        }
    }

    private (Credential Credential, DateTimeOffset? Expires) Parse(string output, X509Certificate2? fallback)
    {
        try
        {
            var answer = KubernetesJson.Parse(System.Text.Encoding.UTF8.GetBytes(output));
            var status = answer.Object("status");
            if (answer.String("apiVersion") != ApiVersion || status is null)
            {
                throw new HttpRequestException($"The credential plugin {Command} gave no ExecCredential of {ApiVersion}.");
            }

            var token = status.String("token");
            var certificate = status.String("clientCertificateData") is { Length: > 0 } pem
                ? X509Certificate2.CreateFromPem(pem, status.String("clientKeyData"))
                : fallback;
            DateTimeOffset? expires = DateTimeOffset.TryParse(
                status.String("expirationTimestamp"), System.Globalization.CultureInfo.InvariantCulture, out var time) ? time : null;
            return (new Credential { Authorization = string.IsNullOrEmpty(token) ? null : new("Bearer", token), Certificate = certificate }, expires);
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or System.Security.Cryptography.CryptographicException)
        {
            // Without the inner exception: it would quote what the plugin wrote.
            throw new HttpRequestException($"What the credential plugin {Command} wrote cannot be read.");
        }
    }

    private static JsonObject ClusterInfo(KubeConfigEntry cluster)
    {
        var info = new JsonObject { ["server"] = cluster.Value.String("server") };
        foreach (var (from, to) in ((string, string)[])[("tls-server-name", "tls-server-name"), ("proxy-url", "proxy-url")])
        {
            if (cluster.Value.String(from) is { } value)
            {
                info[to] = value;
            }
        }

        if (cluster.Value["insecure-skip-tls-verify"] is { } skip)
        {
            info["insecure-skip-tls-verify"] = skip.DeepClone();
        }

        if (cluster.Content("certificate-authority") is { } pem)
        {
            info["certificate-authority-data"] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(pem));
        }

        return info;
    }
}
