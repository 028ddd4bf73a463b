using System.Text.Json;
using Portcullis.Core.Signing;

namespace Portcullis.Core.Trust.Tuf;

/// <summary>The checks that every role but the root goes through, in their order: its length, the way it is written, its signatures, its version, its end.</summary>
/// <param name="keys">Keys that are ready to verify.</param>
/// <param name="now">By which ends are judged; null when they are not.</param>
internal sealed class RoleCheck(VerificationKeys keys, DateTimeOffset? now)
{
    internal delegate T Read<out T>(ReadOnlySpan<byte> json);

    public (SignedRole<T>? Role, TufError? Error) Of<T>(string role, ReadOnlyMemory<byte> file, AuthorizedKeys authorized, long floor, Read<T> read)
        where T : RoleContent
    {
        var parsed = Parse(role, file);
        if (parsed.Envelope is not { } envelope)
        {
            return (null, parsed.Error);
        }

        var (signers, reasons) = new SignatureCheck(keys).Count(envelope, authorized, key => now is { } time ? key.Certificate?.ProblemAt(time) : null);
        if (signers.Count < authorized.Threshold)
        {
            return (null, new TufError(TufErrorKind.Threshold, role, SignatureCheck.Lacking(signers.Count, authorized.Threshold, reasons)));
        }

        // What is not signed is not even read.
        var (content, error) = Understand(role, envelope, read);
        if (content is null)
        {
            return (null, error);
        }

        var signed = new SignedRole<T>(file, content, envelope.Signatures, signers) { ValidUntil = Earliest(content.Expires, signers, authorized.Threshold) };
        error = content.Version < floor ? new TufError(TufErrorKind.Rollback, role, $"version {content.Version} is older than {floor}, which was seen before")
            : now is { } judged ? EndOf(role, signed, judged) : null;
        return error is null ? (signed, null) : (null, error);
    }

    public static (Envelope? Envelope, TufError? Error) Parse(string role, ReadOnlyMemory<byte> file)
    {
        if (file.Length > RoleLimits.LengthOf(role))
        {
            return (null, new TufError(TufErrorKind.TooLarge, role, $"it has {file.Length} bytes, and at most {RoleLimits.LengthOf(role)} are read"));
        }

        try
        {
            return (Envelope.Read(file), null);
        }
        catch (Exception e) when (e is JsonException or MalformedMetadataException)
        {
            return (null, Malformed(role, e));
        }
    }

    public static (T? Content, TufError? Error) Understand<T>(string role, Envelope envelope, Read<T> read)
        where T : RoleContent
    {
        try
        {
            return (read(envelope.Signed.Span), null);
        }
        catch (Exception e) when (e is JsonException or MalformedMetadataException)
        {
            return (null, Malformed(role, e));
        }
    }

    public static TufError? EndOf<T>(string role, SignedRole<T> signed, DateTimeOffset now)
        where T : RoleContent =>
        signed.Content.Expires <= now ? new TufError(TufErrorKind.Expired, role, $"it expired at {signed.Content.Expires:yyyy-MM-dd'T'HH:mm:ss'Z'}")
        : signed.ValidUntil <= now ? new TufError(TufErrorKind.Expired, role, $"a certificate that signed it expired at {signed.ValidUntil:yyyy-MM-dd'T'HH:mm:ss'Z'}")
        : null;

    /// <summary>The end of the content, or the time from which too few of the certificates are valid.</summary>
    public static DateTimeOffset Earliest(DateTimeOffset expires, IReadOnlyList<TufKey> signers, int threshold)
    {
        var enough = signers.Select(s => s.Certificate?.NotAfter ?? DateTimeOffset.MaxValue).OrderDescending().ElementAtOrDefault(threshold - 1);
        return enough == default || enough > expires ? expires : enough;
    }

    private static TufError Malformed(string role, Exception e) => e is MalformedMetadataException malformed
        ? new TufError(malformed.Kind, role, ShownText.Of(malformed.Message))
        : new TufError(TufErrorKind.Malformed, role, "it is not JSON, or nested too deep");
}
