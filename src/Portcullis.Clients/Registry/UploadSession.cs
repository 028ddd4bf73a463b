namespace Portcullis.Clients.Registry;

/// <summary>An upload that a registry has begun to take. Each request gives a new one: the location changes.</summary>
/// <param name="Repository">Into which the blob goes.</param>
/// <param name="Location">Where the next piece is sent; on the registry itself.</param>
/// <param name="Offset">How many bytes the registry says it has.</param>
/// <param name="LeastChunk">The fewest bytes that every piece but the last must have; 0 for any.</param>
public sealed record UploadSession(string Repository, Uri Location, long Offset, long LeastChunk)
{
    /// <summary>Locations may carry signatures.</summary>
    public override string ToString() => $"upload into {Repository} at {Offset}";
}
