using Portcullis.Core.Repositories;

namespace Portcullis.Gateway.Reading;

/// <summary>Takes note of pulls, for those who are notified of them. The pull does not wait for it.</summary>
internal interface IRegistryEvents
{
    /// <param name="repository">From where.</param>
    /// <param name="tag">By which; null for a pull by digest.</param>
    /// <param name="digest">Of what was sent.</param>
    /// <param name="by">Who pulled; null for nobody in particular.</param>
    void Pulled(RepositoryId repository, string? tag, string digest, string? by);
}
