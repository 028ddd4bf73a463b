using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Portcullis.Http.Machine;
using Portcullis.Objects.Json;

namespace Portcullis.Kubernetes.Connection;

/// <summary>A credential plugin as kubeconfig names it (client.authentication.k8s.io v1 and v1beta1), and one run of it.</summary>
internal sealed record ExecPlugin(string ApiVersion, string Command, IReadOnlyList<string> Arguments, IReadOnlyList<(string Name, string Value)> Variables, JsonObject? Cluster)
{
    /// <summary>The kubeconfig's own advice for a machine on which the program is not installed.</summary>
    private string? InstallHint { get; init; }

    private const string Prefix = "client.authentication.k8s.io/";

    /// <summary>Far more than any token and certificate chain: a plugin that writes without end is stopped here.</summary>
    private const int LongestAnswer = 1024 * 1024;

    /// <summary>A plugin that needs a browser or a terminal would hang.</summary>
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
            provide ? ClusterInfo(cluster) : null)
        {
            InstallHint = exec.String("installHint")?.Trim(),
        };
    }

    /// <summary>Runs it once. Its errors go to our standard error, as with kubectl: they may contain what must not be logged.</summary>
    public async Task<(Credential Credential, DateTimeOffset? Expires)> RunAsync(X509Certificate2? fallback, TimeProvider time, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var process = Start();
        try
        {
            process.StandardInput.Close();
            var output = await ReadAsync(process.StandardOutput.BaseStream, either.Token);
            await process.WaitForExitAsync(either.Token);
            return process.ExitCode == 0
                ? Parse(output.Span, fallback)
                : throw new HttpRequestException($"The credential plugin {Command} failed with exit code {process.ExitCode}.");
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw new HttpRequestException($"The credential plugin {Command} did not exit within {Limit.TotalSeconds:0} s.");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private async Task<ReadOnlyMemory<byte>> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[LongestAnswer];
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return length < buffer.Length
            ? buffer.AsMemory(0, length)
            : throw new HttpRequestException($"The credential plugin {Command} wrote more than {LongestAnswer / 1024} KiB.");
    }

    private string Hint => InstallHint is { Length: > 0 } hint ? $" {hint}" : "";

    private Process Start()
    {
        var program = ProgramPath.Find(Command)
            ?? throw new HttpRequestException($"The credential plugin {Command} cannot be started: no folder of PATH has it.{Hint}");
        var start = new ProcessStartInfo(program, Arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
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
            throw new HttpRequestException($"The credential plugin {Command} cannot be started: {e.Message}{Hint}", e);
        }
    }

    private (Credential Credential, DateTimeOffset? Expires) Parse(ReadOnlySpan<byte> output, X509Certificate2? fallback)
    {
        try
        {
            var answer = KubernetesJson.Parse(output);
            return answer.String("apiVersion") == ApiVersion && answer.Object("status") is { } status
                ? (Given(status, fallback), Expires(status))
                : throw new HttpRequestException($"The credential plugin {Command} returned no ExecCredential of {ApiVersion}.");
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or CryptographicException or ArgumentException or FormatException)
        {
            // Without the inner exception: it would quote what the plugin wrote.
            throw new HttpRequestException($"The output of the credential plugin {Command} is not a valid ExecCredential.");
        }
    }

    private Credential Given(JsonObject status, X509Certificate2? fallback)
    {
        var token = status.String("token") ?? "";
        var certificate = status.String("clientCertificateData") ?? "";
        var key = status.String("clientKeyData") ?? "";
        if (certificate.Length == 0 != (key.Length == 0))
        {
            throw new HttpRequestException($"The credential plugin {Command} returned {(key.Length == 0 ? "a certificate without its key" : "a key without its certificate")}.");
        }

        if (token.Length + certificate.Length == 0)
        {
            throw new HttpRequestException($"The credential plugin {Command} returned neither a token nor a certificate.");
        }

        if (token.Length > 0 && !Credential.IsToken(token))
        {
            throw new HttpRequestException($"The credential plugin {Command} returned a token with characters that an HTTP header cannot contain.");
        }

        return new Credential
        {
            Authorization = token.Length == 0 ? null : new("Bearer", token),
            Certificate = certificate.Length == 0 ? fallback : X509Certificate2.CreateFromPem(certificate, key),
        };
    }

    /// <summary>Null when it states none: then valid until the server refuses it.</summary>
    private static DateTimeOffset? Expires(JsonObject status) => status["expirationTimestamp"] is null
        ? null
        : DateTimeOffset.Parse(status.String("expirationTimestamp") ?? "", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

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
