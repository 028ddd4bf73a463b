using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Portcullis.Core.Criteria;
using Portcullis.Core.Repositories;
using Portcullis.Kubernetes.Connection;
using Portcullis.Signing;

namespace Portcullis.Commands;

/// <summary>Who signed images, as the operator finds it out, for a command that may not need it: nothing is read before it is asked. Asked by one at a time.</summary>
internal sealed class AskedSignatures(KubernetesConnection connection) : IAsyncDisposable
{
    private IHost? _host;

    /// <summary>Null when it is not known, as when the Notary server is away.</summary>
    /// <exception cref="Errors.CommandException">The cluster's objects cannot be read.</exception>
    public async ValueTask<SignatureEvidence?> OfAsync(RepositoryId repository, string digest, CancellationToken cancellationToken)
    {
        _host ??= await SignatureHost.StartAsync(connection, cancellationToken);
        return await _host.Services.GetRequiredService<SignatureEvidences>().OfAsync(repository, digest, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await SignatureHost.StopAsync(_host);
        }
    }
}
