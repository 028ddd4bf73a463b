using System.Text.Json;
using Portcullis.Objects.Json;

namespace Portcullis.Up.Signatures;

/// <summary>Which delegations a snapshot lists, and by which checksum each is asked for. Nothing of it is verified here: whoever uses trust data does that.</summary>
internal static class SnapshotFiles
{
    private const string Delegation = "targets/";

    /// <summary>The SHA-256 of each delegation's file in lower-case hexadecimal digits; empty for what is no snapshot.</summary>
    public static IReadOnlyDictionary<string, string> Of(byte[] snapshot)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            foreach (var (role, file) in KubernetesJson.Parse(snapshot).Object("signed").Object("meta") ?? [])
            {
                if (role.StartsWith(Delegation, StringComparison.Ordinal) && file.Object("hashes").String("sha256") is { } hash)
                {
                    files[role] = Convert.ToHexStringLower(Convert.FromBase64String(hash));
                }
            }
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            // A server that writes something else has nothing that could be kept.
        }

        return files;
    }
}
