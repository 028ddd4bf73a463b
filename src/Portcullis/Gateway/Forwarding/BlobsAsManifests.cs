using Portcullis.Clients.Registry;

namespace Portcullis.Gateway.Forwarding;

/// <summary>
/// docker-registry 2.8 finds a blob too when it is asked for a manifest of its digest, and fails because it cannot read one: to the client that is a
/// manifest which is not there, and no outage.
/// </summary>
internal static class BlobsAsManifests
{
    /// <summary>Whether the digest, for which the registry failed, is that of a blob.</summary>
    public static async Task<bool> IsOneAsync(RegistryClient client, string repository, string digest, CancellationToken cancellationToken)
    {
        try
        {
            return await client.Blobs.SizeAsync(repository, digest, cancellationToken) is not null;
        }
        catch (RegistryException)
        {
            // What was found out first is told.
            return false;
        }
    }
}
