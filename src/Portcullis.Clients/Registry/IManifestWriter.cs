namespace Portcullis.Clients.Registry;

/// <summary>Writes manifests to a registry: directly, or through one who first claims the tag.</summary>
public interface IManifestWriter
{
    /// <summary>Whether it adds a list of referrers to the one that is under the tag, so that nobody has to read that one first.</summary>
    bool AddsToLists => false;

    /// <summary>Writes it under a tag, or under its own digest.</summary>
    /// <exception cref="RegistryException">It was not written, or nobody knows whether it was.</exception>
    Task<ManifestReceipt> PutAsync(string repository, string reference, RegistryManifest manifest, CancellationToken cancellationToken);
}
