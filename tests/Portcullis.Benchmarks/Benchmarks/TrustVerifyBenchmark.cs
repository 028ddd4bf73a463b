using System.Security.Cryptography;
using Portcullis.Benchmarks.Measuring;
using Portcullis.Core.Trust.Tuf;
using Portcullis.Testing.Trust;

namespace Portcullis.Benchmarks.Benchmarks;

/// <summary>
/// Root, timestamp, snapshot, targets and a delegation are verified and their tags listed, in turn with the bare verifications that this cannot do without. All
/// keys are of ECDSA on P-256, ready before, as they are for whoever verifies again.
/// </summary>
internal static class TrustVerifyBenchmark
{
    private const int Rounds = 25;
    private const int Repeats = 40;

    private static readonly DateTimeOffset Now = new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly string[] Roles = ["root", "timestamp", "snapshot", "targets", "targets/releases"];

    public static Task<IReadOnlyList<Bar>> RunAsync() => Task.FromResult(Run());

    private static IReadOnlyList<Bar> Run()
    {
        var (few, many) = (Made(20), Made(1000));
        var set = few.Load().Set;
        var later = few.Timestamp().Files["timestamp"];
        var keys = new VerificationKeys();
        var bare = BareVerifications(few);
        Samples raw = new(), chain = new(), large = new(), same = new(), renewed = new();
        for (var round = -5; round < Rounds; round++)
        {
            var times = new[]
            {
                Time(() => bare(5)), Time(() => Chain(few, keys)), Time(() => Chain(many, keys)),
                Time(() => set.WithTimestamp(set.Timestamp!.File, Now)), Time(() => set.WithTimestamp(later, Now)),
            };
            if (round >= 0)
            {
                Add([raw, chain, large, same, renewed], times);
            }
        }

        return
        [
            Bar.AtMost("trust-verify: a chain with 20 targets vs five bare ECDSA verifications", chain.Median / raw.Median, 2, "x", $"{chain.Text(" µs")} against {raw.Text(" µs")}"),

            // python-tuf 7.0 takes 24 times as long for the file of targets alone; a fifth of that.
            Bar.AtMost("trust-verify: a chain with 1,000 targets vs five bare ECDSA verifications", large.Median / raw.Median, 4.8, "x", large.Text(" µs")),
            Bar.AtMost("trust-verify: an unchanged timestamp vs one bare verification", same.Median / (raw.Median / 5), 1, "x", same.Text(" µs")),
            Bar.AtMost("trust-verify: a new timestamp of the same snapshot vs one bare verification", renewed.Median / (raw.Median / 5), 2, "x", renewed.Text(" µs")),
        ];
    }

    private static MadeTrust Made(int targets)
    {
        var made = new MadeTrust(Now);
        made.Keys["snapshot"] = [MadeKey.Ecdsa()];
        made.Keys["timestamp"] = [MadeKey.Ecdsa()];
        made.Delegate("targets/releases");
        return made.With("targets/releases", [.. Enumerable.Range(0, targets).Select(i => MadeTrust.Target(FormattableString.Invariant($"v{i}"), i))]).Publish();
    }

    private static void Chain(MadeTrust made, VerificationKeys keys)
    {
        var (set, error) = made.Load(TrustedSet.Begin(made.Anchor, keys));
        if (error is not null || set.ToRepositoryTrust(Now).Targets.Count != made.Contents["targets/releases"].Targets.Count)
        {
            throw new InvalidOperationException($"not verified: {error}");
        }
    }

    /// <summary>The signatures of the five files, by the framework alone.</summary>
    private static Action<int> BareVerifications(MadeTrust made)
    {
        var parts = Roles.Select(role =>
        {
            var envelope = Envelope.Read(made.Files[role]);
            var key = ECDsa.Create();
            var listed = made.Keys[role][0].Public;
            key.ImportSubjectPublicKeyInfo(listed.Certificate?.PlainKey ?? listed.Public, out _);
            return (Key: key, Message: envelope.Message.ToArray(), Signature: envelope.Signatures[0].Value);
        }).ToArray();
        return count =>
        {
            foreach (var (key, message, signature) in parts.Take(count))
            {
                if (!key.VerifyData(message, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation))
                {
                    throw new InvalidOperationException("not verified");
                }
            }
        };
    }

    /// <summary>Of one of many, in microseconds.</summary>
    private static double Time(Action work)
    {
        var started = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < Repeats; i++)
        {
            work();
        }

        return TimeProvider.System.GetElapsedTime(started).TotalMicroseconds / Repeats;
    }

    private static void Add(Samples[] samples, double[] times)
    {
        foreach (var (sample, time) in samples.Zip(times))
        {
            sample.Add(time);
        }
    }
}
