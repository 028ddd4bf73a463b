using System.Globalization;
using System.Security.Cryptography;
using Portcullis.Clients.Notary;

namespace Portcullis.Up.Signatures;

/// <summary>
/// Gives the private Notary server of <c>up</c> back what signers had published, after a start at which it knows nothing: the operator makes the trust data
/// anew from its keys, and the signers' delegations, which it cannot sign, are published again byte by byte as soon as the server lists their keys. Follows
/// the server's changefeed and keeps each delegation's newest file. The server checks every signature, and so does everybody who uses trust data.
/// </summary>
internal sealed class SignatureKeeper(NotaryClient server, SignatureArchive archive)
{
    private const int Page = 1000;
    private const int LargestFile = 8 * 1024 * 1024;

    private string? _last;

    /// <summary>Looks whether anything has changed, and keeps or gives back what follows.</summary>
    /// <exception cref="NotaryException">The server is away or refuses: look again later.</exception>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        foreach (var changes in (await ChangesAsync(cancellationToken)).GroupBy(c => c.Gun, StringComparer.Ordinal))
        {
            if (changes.Last().IsDeletion)
            {
                archive.Forget(changes.Key);
            }
            else
            {
                await KeepAsync(changes.Key, cancellationToken);
            }

            _last = changes.Last().Id;
        }
    }

    /// <summary>What is new in the feed. A server that was started anew counts from one again, and does not give the last change that is known.</summary>
    private async Task<IReadOnlyList<NotaryChange>> ChangesAsync(CancellationToken cancellationToken)
    {
        if (_last is null)
        {
            return await server.ChangesAsync(null, null, Page, cancellationToken);
        }

        var before = (long.Parse(_last, CultureInfo.InvariantCulture) - 1).ToString(CultureInfo.InvariantCulture);
        var changes = await server.ChangesAsync(null, before, Page, cancellationToken);
        if (changes is [{ Id: var first }, ..] && first == _last)
        {
            return [.. changes.Skip(1)];
        }

        _last = null;
        return await server.ChangesAsync(null, null, Page, cancellationToken);
    }

    /// <summary>Keeps what the server has under a name, and gives back what it lacks.</summary>
    /// <exception cref="NotaryException">The server is away or refuses: look again later.</exception>
    public async Task KeepAsync(string gun, CancellationToken cancellationToken)
    {
        if (await server.GetAsync(gun, MetadataName.Latest("snapshot"), LargestFile, cancellationToken) is not { } snapshot)
        {
            return;
        }

        var present = SnapshotFiles.Of(snapshot);
        var kept = new Dictionary<string, byte[]>(archive.Of(gun), StringComparer.Ordinal);
        var isNew = false;
        foreach (var (role, checksum) in present.Where(p => !kept.TryGetValue(p.Key, out var file) || Checksum(file) != p.Value).ToList())
        {
            if (await server.GetAsync(gun, MetadataName.OfChecksum(role, checksum), LargestFile, cancellationToken) is { } file)
            {
                kept[role] = file;
                isNew = true;
            }
        }

        if (isNew)
        {
            archive.Keep(gun, kept);
        }

        foreach (var (role, file) in kept.Where(k => !present.ContainsKey(k.Key)).OrderBy(k => k.Key, StringComparer.Ordinal))
        {
            await GiveBackAsync(gun, role, file, cancellationToken);
        }
    }

    private async Task GiveBackAsync(string gun, string role, byte[] file, CancellationToken cancellationToken)
    {
        try
        {
            await server.PublishAsync(gun, new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal) { [role] = file }, cancellationToken);
        }
        catch (NotaryException e) when (e.Kind is NotaryFailure.Invalid or NotaryFailure.Conflict)
        {
            // Nobody delegates to this role, or not to this key: until somebody does, it stays here.
        }
    }

    private static string Checksum(byte[] file) => Convert.ToHexStringLower(SHA256.HashData(file));
}
