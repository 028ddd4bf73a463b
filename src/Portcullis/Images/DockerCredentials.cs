using System.Text;
using System.Text.Json;
using Portcullis.Clients.Registry.Authorization;

namespace Portcullis.Images;

/// <summary>The passwords that `docker login` keeps in its config.json. Those that a credential helper keeps are not asked for.</summary>
internal static class DockerCredentials
{
    // What docker login writes for Docker Hub.
    private const string HubKey = "https://index.docker.io/v1/";

    /// <summary>The credential for a registry; null when there is none.</summary>
    /// <param name="host">Host and port of the registry.</param>
    public static RegistryCredential? For(string host)
    {
        var folder = Environment.GetEnvironmentVariable("DOCKER_CONFIG")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".docker");
        var file = Path.Combine(folder, "config.json");
        return File.Exists(file) ? Read(File.ReadAllBytes(file), host == ImageReference.DockerHub ? HubKey : host) : null;
    }

    /// <summary>The credential under a key of the file's auths.</summary>
    public static RegistryCredential? Read(byte[] config, string key)
    {
        try
        {
            using var document = JsonDocument.Parse(config);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("auths", out var auths) && auths.ValueKind == JsonValueKind.Object
                && auths.TryGetProperty(key, out var entry) && entry.ValueKind == JsonValueKind.Object
                && entry.TryGetProperty("auth", out var auth) && auth.ValueKind == JsonValueKind.String
                && Encoding.UTF8.GetString(auth.GetBytesFromBase64()).Split(':', 2) is [var user, var password]
                    ? new RegistryCredential.Basic(user, password)
                    : null;
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return null;
        }
    }
}
