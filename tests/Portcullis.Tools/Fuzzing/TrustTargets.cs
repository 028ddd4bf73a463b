using System.Text;
using System.Text.Json;
using Portcullis.Core.Trust.Tuf;
using Portcullis.Testing.Trust;

namespace Portcullis.Tools.Fuzzing;

/// <summary>What Notary servers serve, and the keys that people write.</summary>
internal static class TrustTargets
{
    private static readonly DateTimeOffset Now = new(2026, 12, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Lazy<TrustedSet> Set = new(() => new MadeTrust(Now).Delegate("targets/ci").Publish().Load().Set);

    /// <summary>A file. Nothing that is made by chance is ever believed, for whatever role it is given.</summary>
    public static void Metadata(byte[] input)
    {
        var set = Set.Value;
        foreach (var result in new[]
        {
            TrustedSet.Begin(set.Anchor, new VerificationKeys(2)).WithRoot(input), set.WithRoot(input), set.WithTimestamp(input, Now), set.WithSnapshot(input, Now),
            set.WithTargets(RoleNames.Targets, input, Now), set.WithTargets("targets/ci", input, Now),
        })
        {
            FuzzTargets.Expect(!result.IsTrusted, "a file that nobody signed is believed");
        }

        if (RoleCheck.Parse(RoleNames.Targets, input).Envelope is not { } envelope)
        {
            return;
        }

        Rewritten(envelope, RoleReader.Root);
        Rewritten(envelope, RoleReader.Timestamp);
        Rewritten(envelope, RoleReader.Snapshot);
        Rewritten(envelope, json => RoleReader.Targets(RoleNames.Targets, json));
    }

    /// <summary>JSON: its canonical form has itself as its form, and what is recognised as canonical is that form.</summary>
    public static void Canonical(byte[] input)
    {
        var recognised = System.Text.Unicode.Utf8.IsValid(input) ? CanonicalScan.LengthOf(input) : 0;
        FuzzTargets.Expect(recognised == 0 || CanonicalWriter.Write(input.AsSpan(0, recognised)).AsSpan().SequenceEqual(input.AsSpan(0, recognised)), "what is not canonical was taken for it");
        byte[] form;
        try
        {
            form = CanonicalWriter.Write(input);
        }
        catch (Exception e) when (e is JsonException or MalformedMetadataException)
        {
            return;
        }

        FuzzTargets.Expect(form.Length <= input.Length, "the canonical form is longer than what it was made of");
        var isPlain = form.All(b => b >= 0x20) && System.Text.Unicode.Utf8.IsValid(form);
        FuzzTargets.Expect(!isPlain || CanonicalWriter.Write(form).AsSpan().SequenceEqual(form), "the canonical form has another one");
    }

    /// <summary>A key as text: what is read has ids, and is read again from its own text.</summary>
    public static void KeyText(byte[] input)
    {
        var (key, problem) = TufKeyText.Read(Encoding.UTF8.GetString(input));
        FuzzTargets.Expect((key is null) != (problem is null), "neither a key nor a problem");
        FuzzTargets.Expect(key is null || (key.Id.Length == 64 && key.CanonicalId.Length == 64), "a key without an id");
        FuzzTargets.Expect(key is null || VerificationKey.Of(key).IsUsable || key.IsCertificate || key.Type == TufKey.Ed25519, "a key was read that verifies nothing");
    }

    private static void Rewritten<T>(Envelope envelope, RoleCheck.Read<T> read)
        where T : RoleContent
    {
        if (RoleCheck.Understand("x", envelope, read).Content is not { } content)
        {
            return;
        }

        var written = content.ToSignedBytes();
        if (written.All(b => b >= 0x20))
        {
            FuzzTargets.Expect(read(written).ToSignedBytes().AsSpan().SequenceEqual(written), "what was written is read as something else");
        }
    }
}
