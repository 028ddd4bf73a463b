using System.Net;
using Portcullis.Clients.Notary;
using Portcullis.Core.Trust.Tuf;

namespace Portcullis.Trust.Reading;

/// <summary>The files of one name on its server.</summary>
internal sealed class TrustFiles(string gun, NotaryClient server, CancellationToken cancellationToken)
{
    public CancellationToken CancellationToken => cancellationToken;

    /// <summary>The same, asked for until another time.</summary>
    public TrustFiles Until(CancellationToken end) => new(gun, server, end);

    /// <summary>The newest file of a role; null when the server has none.</summary>
    /// <exception cref="TrustRefusedException">It is longer than any of its role may be.</exception>
    /// <exception cref="NotaryException">The server cannot be asked.</exception>
    public Task<byte[]?> NewestAsync(string role) => FindAsync(MetadataName.Latest(role), RoleLimits.LengthOf(role));

    /// <summary>The bytes, unverified; null when the server has none.</summary>
    /// <exception cref="TrustRefusedException">It is longer than it may be.</exception>
    /// <exception cref="NotaryException">The server cannot be asked.</exception>
    public async Task<byte[]?> FindAsync(MetadataName name, int limit)
    {
        try
        {
            return await server.GetAsync(gun, name, limit, cancellationToken);
        }
        catch (NotaryException e) when (e.Kind == NotaryFailure.Refused && e.Status == HttpStatusCode.OK)
        {
            // Of a file that other metadata name, its length is one of the things that they say of it.
            throw new TrustRefusedException(new TufError(name.Checksum is null ? TufErrorKind.TooLarge : TufErrorKind.Mismatch, name.Role, $"the server's file has more than the {limit} bytes that it may have"));
        }
    }

    /// <summary>The file that other metadata name: a server that has those must have it.</summary>
    /// <exception cref="TrustRefusedException">The server does not have it, or it is longer than it may be.</exception>
    /// <exception cref="NotaryException">The server cannot be asked.</exception>
    public async Task<byte[]> GetAsync(NeededRole needed) =>
        await FindAsync(MetadataName.OfChecksum(needed.Role, needed.File!.Checksum), needed.MaximumLength) ?? throw Lacking(needed.Role);

    /// <summary>That there is no file which must be there.</summary>
    public static TrustRefusedException Lacking(string role) =>
        new(new TufError(TufErrorKind.NotListed, role, "the server does not have the file that its other metadata name"));
}
