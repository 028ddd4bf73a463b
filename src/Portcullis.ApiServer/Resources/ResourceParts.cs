using Portcullis.ApiServer.Kinds;
using Portcullis.ApiServer.Storage;

namespace Portcullis.ApiServer.Resources;

/// <summary>The read and write paths, wired once at start.</summary>
internal sealed record ResourceParts(SqliteStore Store, KindRegistry Kinds)
{
    public required ListReader Lists { get; init; }

    public required ResourceWriter Writer { get; init; }

    public required ResourcePatcher Patcher { get; init; }

    public required ResourceDeleter Deleter { get; init; }

    public static ResourceParts Create(SqliteStore store, KindRegistry kinds, ObjectPolicy policy, AdmissionChain admission, TimeProvider time)
    {
        var writer = new ResourceWriter(store, policy, admission, time);
        return new ResourceParts(store, kinds)
        {
            Lists = new ListReader(store),
            Writer = writer,
            Patcher = new ResourcePatcher(store, writer, time),
            Deleter = new ResourceDeleter(store, admission, time),
        };
    }
}
