using System.Security.Cryptography.X509Certificates;

namespace Portcullis.Kubernetes.Connection;

/// <summary>The connection that every pod is given: its service account's token, the cluster's CA and the API's address.</summary>
public static class InCluster
{
    private const string Folder = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>Null when this process does not run in a pod (or the pod mounts no token).</summary>
    public static KubernetesConnection? Load(TimeProvider time) => Load(Folder, Environment.GetEnvironmentVariable, time);

    internal static KubernetesConnection? Load(string folder, Func<string, string?> environment, TimeProvider time)
    {
        var host = environment("KUBERNETES_SERVICE_HOST");
        var port = environment("KUBERNETES_SERVICE_PORT");
        var token = Path.Combine(folder, "token");
        if (string.IsNullOrEmpty(host) || string.IsNullOrEmpty(port) || !File.Exists(token))
        {
            return null;
        }

        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(Path.Combine(folder, "ca.crt"));
        return new KubernetesConnection
        {
            Server = new Uri(host.Contains(':', StringComparison.Ordinal) ? $"https://[{host}]:{port}/" : $"https://{host}:{port}/"),
            CertificateAuthorities = [.. authorities],
            Credentials = new TokenFileCredentials(token, time),
        };
    }
}
