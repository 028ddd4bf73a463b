using Portcullis.Clients.Registry;

namespace Portcullis.Benchmarks.Promoting;

/// <summary>Writes an image under its digest before its tag, as the writer of tags does whose claims can be finished by anybody.</summary>
internal sealed class StoredBeforeNamed(IManifestWriter registry) : IManifestWriter
{
    public async Task<ManifestReceipt> PutAsync(string repository, string reference, RegistryManifest manifest, CancellationToken cancellationToken)
    {
        await registry.PutAsync(repository, manifest.Digest, manifest, cancellationToken);
        return await registry.PutAsync(repository, reference, manifest, cancellationToken);
    }
}
