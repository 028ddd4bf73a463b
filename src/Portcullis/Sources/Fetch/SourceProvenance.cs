using Portcullis.Clients.Git;
using Portcullis.Core.Kinds;
using Portcullis.Core.Revisions;

namespace Portcullis.Sources.Fetch;

/// <summary>
/// Finds the commit that last changed each object and the object's line in it. git tells which commits gave a file its content; where a
/// file holds several objects, older versions of it are read until the object itself differs.
/// </summary>
internal sealed class SourceProvenance(ManifestTree tree)
{
    /// <summary>How far back is searched. An object last changed before that is ascribed to the commit in force, in which it stands.</summary>
    private const int CommitLimit = 20_000;

    /// <summary>So many commits are looked through before anybody knows what changed; more are read only as far as they are needed.</summary>
    private const int NewestLimit = 100;

    /// <summary>How many versions of a file with several objects are compared.</summary>
    private const int VersionLimit = 30;

    /// <summary>What <see cref="FindAsync"/> will ask first, read while the files themselves are: nothing if there is no commit to start from.</summary>
    public static async Task<IReadOnlyList<GitTouch>> ReadNewestAsync(
        GitRepository repository, string commit, string? before, string folder, CancellationToken cancellationToken) =>
        before is null ? [] : await repository.ReadTouchesAsync(commit, before, folder, NewestLimit, cancellationToken).ToListAsync(cancellationToken);

    public async Task<Dictionary<ObjectIdentity, ObjectStamp>> FindAsync(
        SourceRevision revision, IReadOnlyCollection<RevisionObject> objects, CancellationToken cancellationToken)
    {
        var repository = revision.Repository;
        var stamps = new Dictionary<ObjectIdentity, ObjectStamp>();
        var waiting = objects.GroupBy(o => o.File.Path, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.ToList(), StringComparer.Ordinal);
        await SearchAsync(repository, revision.Newest.ToAsyncEnumerable(), partial: true, waiting, stamps, cancellationToken);
        revision.Newest = [];
        if (waiting.Count > 0)
        {
            var all = repository.ReadTouchesAsync(revision.Target.Commit, since: null, revision.Folder, CommitLimit, cancellationToken);
            await SearchAsync(repository, all, partial: false, waiting, stamps, cancellationToken);
        }

        foreach (var one in waiting.Values.SelectMany(w => w))
        {
            stamps.TryAdd(one.Identity, new ObjectStamp(revision.Target.Commit, revision.Commit.Author, one.Position.ToString()));
        }

        return stamps;
    }

    private async Task SearchAsync(
        GitRepository repository,
        IAsyncEnumerable<GitTouch> touches,
        bool partial,
        Dictionary<string, List<RevisionObject>> waiting,
        Dictionary<ObjectIdentity, ObjectStamp> stamps,
        CancellationToken cancellationToken)
    {
        // Files of one object are settled by the first commit that touched them; of the others all versions are kept for comparing.
        var versions = new Dictionary<string, List<GitTouch>>(StringComparer.Ordinal);
        var open = waiting.Keys.ToHashSet(StringComparer.Ordinal);
        await foreach (var touch in touches.WithCancellation(cancellationToken))
        {
            if (!open.Contains(touch.Path))
            {
                continue;
            }

            if (!versions.TryGetValue(touch.Path, out var known))
            {
                versions[touch.Path] = known = [];
            }

            known.Add(touch);
            if (waiting[touch.Path][0].File.File.Manifests.Count == 1 || known.Count >= VersionLimit)
            {
                open.Remove(touch.Path);
            }

            if (open.Count == 0)
            {
                break;
            }
        }

        foreach (var (path, found) in versions)
        {
            await SettleAsync(repository, path, found, partial, waiting, stamps, cancellationToken);
        }
    }

    private async Task SettleAsync(
        GitRepository repository,
        string path,
        List<GitTouch> touches,
        bool partial,
        Dictionary<string, List<RevisionObject>> waiting,
        Dictionary<ObjectIdentity, ObjectStamp> stamps,
        CancellationToken cancellationToken)
    {
        var blobs = touches.Select(t => t.BlobId).Where(id => id.Trim('0').Length > 0).Distinct(StringComparer.Ordinal).ToList();
        var files = touches.Count == 1 && waiting[path][0].File.File.Manifests.Count == 1
            ? new Dictionary<string, ParsedFile>(StringComparer.Ordinal) { [touches[0].BlobId] = waiting[path][0].File.File }
            : await tree.ReadBlobsAsync(repository, blobs, cancellationToken);
        foreach (var one in waiting[path].ToList())
        {
            var (touch, certain) = LastChange(one, touches, files);
            if (touch is not null && (certain || !partial))
            {
                var line = Find(files.GetValueOrDefault(touch.BlobId), one.Identity)?.Line ?? one.Manifest.Line;
                stamps[one.Identity] = new ObjectStamp(touch.Commit, touch.Author, new SourcePosition(path, line).ToString());
                waiting[path].Remove(one);
            }
        }

        if (waiting[path].Count == 0)
        {
            waiting.Remove(path);
        }
    }

    /// <summary>The oldest of the newest versions in which the object was already as it is. Uncertain when no older version was seen.</summary>
    private static (GitTouch? Touch, bool Certain) LastChange(
        RevisionObject one, List<GitTouch> touches, IReadOnlyDictionary<string, ParsedFile> files)
    {
        if (one.File.File.Manifests.Count == 1 && touches.Count == 1)
        {
            return (touches[0], true);
        }

        GitTouch? candidate = null;
        foreach (var touch in touches)
        {
            if (Find(files.GetValueOrDefault(touch.BlobId), one.Identity)?.Digest != one.Manifest.Digest)
            {
                return (candidate, candidate is not null);
            }

            candidate = touch;
        }

        return (candidate, false);
    }

    private static ParsedManifest? Find(ParsedFile? file, ObjectIdentity identity) =>
        file?.Manifests.FirstOrDefault(m => m.Identity == identity);
}
