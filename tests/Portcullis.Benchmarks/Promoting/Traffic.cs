using Portcullis.Testing.Faults;

namespace Portcullis.Benchmarks.Promoting;

/// <summary>What passed a <see cref="CountingRelay"/>.</summary>
/// <param name="Requests">In order of arrival.</param>
/// <param name="Up">Bytes to the registry.</param>
/// <param name="Down">Bytes from it.</param>
internal sealed record Traffic(IReadOnlyList<SeenRequest> Requests, long Up, long Down)
{
    /// <summary>Both ways.</summary>
    public long Bytes => Up + Down;

    /// <summary>How many requests serve which purpose.</summary>
    /// <param name="target">Where to images are promoted.</param>
    /// <param name="digests">Of the images.</param>
    public TrafficPurposes Purposes(string target, IReadOnlySet<string> digests)
    {
        var purposes = Requests.Select(r => PurposeOf(r, target, digests)).ToList();
        return new TrafficPurposes(
            purposes.Count(p => p == Purpose.Copy), purposes.Count(p => p == Purpose.Referrers), purposes.Count(p => p == Purpose.Record));
    }

    /// <summary>
    /// Whatever is not known to be about referrers or about the decision record is the copy's: asking for the source's referrers; and what is
    /// written to the target beside mounts and the images themselves.
    /// </summary>
    private static Purpose PurposeOf(SeenRequest request, string target, IReadOnlySet<string> digests)
    {
        var isOfTarget = request.Path.StartsWith($"/v2/{target}/", StringComparison.Ordinal);
        var reference = request.Path[(request.Path.LastIndexOf('/') + 1)..];
        var isList = reference.StartsWith("sha256-", StringComparison.Ordinal) || request.Path.Contains("/referrers/", StringComparison.Ordinal);
        if (!isOfTarget)
        {
            return isList ? Purpose.Referrers : Purpose.Copy;
        }

        var isMount = request.Query.Contains("mount=", StringComparison.Ordinal);
        var isImage = request.Path.Contains("/manifests/", StringComparison.Ordinal)
            && (digests.Contains(reference) || (!isList && !reference.StartsWith("sha256:", StringComparison.Ordinal)));
        return isMount || isImage ? Purpose.Copy : Purpose.Record;
    }

    private enum Purpose
    {
        Copy,
        Referrers,
        Record,
    }
}

/// <summary>Numbers of requests by what they are for.</summary>
/// <param name="Copy">Images: manifests, mounts, tags, and everything else that is not one of the following.</param>
/// <param name="Referrers">Asking what is attached to images of the source.</param>
/// <param name="Record">The decision records beside the target's images.</param>
internal sealed record TrafficPurposes(int Copy, int Referrers, int Record);
