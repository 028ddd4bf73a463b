namespace Portcullis.Gateway.Forwarding;

/// <summary>Is called with what signers publish on a Notary server, before their requests are answered: what a signer saw accepted is not lost afterwards.</summary>
internal interface IPublishedTrust
{
    /// <summary>Must not throw but for a cancellation: the server has accepted it, whatever becomes of it here.</summary>
    /// <param name="gun">The name of the trust data: the registry's host and the repository.</param>
    /// <param name="cancellationToken">The signer has gone away.</param>
    Task PublishedAsync(string gun, CancellationToken cancellationToken);
}
