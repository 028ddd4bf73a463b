using System.Globalization;
using Portcullis.Core.Revisions;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects.Json;

namespace Portcullis.Sources.Validate;

/// <summary>
/// Whether fields that the program does not know in kinds of Kubernetes are left to the server, which is asked only when there are any. Its dry run
/// judges them then.
/// </summary>
internal static class NewerServer
{
    public static async Task<bool> JudgesUnknownFieldsAsync(KubernetesClient client, IReadOnlyList<RevisionFile> files, CancellationToken cancellationToken) =>
        files.Any(f => f.File.UnknownFields.Count > 0) && await IsNewerAsync(client, cancellationToken);

    /// <summary>A server that does not say its version may be newer.</summary>
    private static async Task<bool> IsNewerAsync(KubernetesClient client, CancellationToken cancellationToken)
    {
        try
        {
            var version = await client.ReadAsync("/version", cancellationToken);
            return version.String("major") != "1" || !int.TryParse(version.String("minor")?.TrimEnd('+'), CultureInfo.InvariantCulture, out var minor) || minor > BuiltInTypes.Minor;
        }
        catch (KubernetesApiException e) when (!e.IsTransient)
        {
            return true;
        }
    }
}
