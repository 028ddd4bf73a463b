using System.Text;
using Portcullis.Core.Trust.Tuf;
using Portcullis.Testing.Trust;

namespace Portcullis.Core.Tests.Trust.Tuf;

/// <summary>What is written.</summary>
[TestFixture]
internal sealed class RoleContentTests
{
    /// <summary>Lists that are written as Notary writes them are read in another way than others, and must say the same.</summary>
    [TestCase("{}")]
    [TestCase("{'1':{'hashes':{'sha256':'H32'},'length':0}}")]
    [TestCase("{'1':{'hashes':{'sha256':'H32'},'length':12},'é':{'hashes':{'sha256':'H32','sha512':'H64'},'length':999999999999999}}")]
    [TestCase("{'1':{'hashes':{'sha256':'H32'},'length':12},'2':{'custom':{'a':1},'hashes':{'sha256':'H32'},'length':12}}")]
    [TestCase("{'1':{'hashes':{'sha256':'H32'},'length':12},'2':{'hashes':{'sha256':'H32'},'length':12,'x':1}}")]
    [TestCase("{'1':{'hashes':{'sha256':'H32'},'length':9007199254740992}}")]
    [TestCase("{'1':{'hashes':{'sha512':'H64'},'length':1}}")]
    [TestCase("{'a\\u0062':{'hashes':{'sha256':'H32'},'length':1}}")]
    public void Targets_say_the_same_however_they_are_written(string targets)
    {
        var list = targets.Replace('\'', '"').Replace("H32", new string('A', 43) + "=", StringComparison.Ordinal).Replace("H64", new string('A', 86) + "==", StringComparison.Ordinal);
        var plain = $"{{\"_type\":\"Targets\",\"a\":[1],\"expires\":\"2029-12-01T12:00:00Z\",\"targets\":{list},\"version\":7,\"z\":{{\"b\":[2,3]}}}}";
        var spaced = plain.Replace("{", "{ ", StringComparison.Ordinal).Replace("}", " }", StringComparison.Ordinal);
        var (one, other) = (RoleReader.Targets("targets", Encoding.UTF8.GetBytes(plain)), RoleReader.Targets("targets", Encoding.UTF8.GetBytes(spaced)));
        Assert.That(one.ToSignedBytes(), Is.EqualTo(other.ToSignedBytes()));
        Assert.That((one.Version, one.Targets.Count), Is.EqualTo((7L, list.Split("\"length\"").Length - 1)));
        Assert.That(one.Unknown.Select(u => $"{u.Name}:{Encoding.UTF8.GetString(u.Json)}"), Is.EqualTo(new[] { "a:[1]", "z:{\"b\":[2,3]}" }));
    }

    private static readonly DateTimeOffset Now = new(2026, 12, 1, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void Members_that_are_not_known_stay_where_they_were()
    {
        const string Json = """{"_type":"Targets","a":{"z":[1,null]},"delegations":{"b":1,"keys":{},"roles":[{"c":"x","keyids":[],"name":"targets/ci","paths":["1"],"threshold":1}]},"expires":"2029-12-01T12:00:00Z","targets":{"1":{"custom":{"k":"v"},"d":true,"hashes":{"sha256":"LXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE="},"length":5}},"version":3}""";
        var content = RoleReader.Targets("targets", Encoding.UTF8.GetBytes(Json));
        Assert.That(Encoding.UTF8.GetString(content.ToSignedBytes()), Is.EqualTo(Json));
        Assert.That(content.UnknownNames, Is.EqualTo(new[] { "a", "delegations.b", "delegations.targets/ci.c", "targets.1.d" }));
    }

    /// <summary>Go's encoder escapes these in the file and not in what is signed; a server hashes what Go would write.</summary>
    [Test]
    public void A_file_is_written_byte_for_byte_as_Go_writes_it()
    {
        var made = new MadeTrust(Now).Delegate("targets/ci", ["a<b>&\u2028\u2029c", "\"\\"]);
        var content = made.Contents["targets"];
        var signed = content.ToSignedBytes();
        Assert.That(Encoding.UTF8.GetString(signed), Does.Contain("\"paths\":[\"a<b>&\u2028\u2029c\",\"\\\"\\\\\"]"));
        var file = SignedEnvelope.Write(signed, [new TufSignature("ab", "ecdsa", [1, 2, 3])]);
        Assert.That(Encoding.UTF8.GetString(file), Does.StartWith("{\"signed\":{\"_type\":\"Targets\",\"delegations\":{\"keys\":{").And.Contain("\"paths\":[\"a\\u003cb\\u003e\\u0026\\u2028\\u2029c\",\"\\\"\\\\\"]")
            .And.EndWith("},\"signatures\":[{\"keyid\":\"ab\",\"method\":\"ecdsa\",\"sig\":\"AQID\"}]}"));
        Assert.That(Envelope.Read(file).Message.ToArray(), Is.EqualTo(signed));
    }

    [Test]
    public void A_delegation_without_paths_is_written_without_the_member()
    {
        var content = new MadeTrust(Now).Delegate("targets/ci", []).Contents["targets"];
        Assert.That(Encoding.UTF8.GetString(content.ToSignedBytes()), Does.Not.Contain("paths"));
        Assert.That(RoleReader.Targets("targets", content.ToSignedBytes()).Delegations.Single().Covers(""), Is.False);
    }

    [Test]
    public void What_says_nothing_is_written_as_Notary_writes_it() =>
        Assert.That(Encoding.UTF8.GetString(new TargetsRole { Version = 1, Expires = Now.AddMilliseconds(5) }.ToSignedBytes()),
            Is.EqualTo("""{"_type":"Targets","delegations":{"keys":{},"roles":[]},"expires":"2026-12-01T12:00:00Z","targets":{},"version":1}"""));

    [Test]
    public void A_control_character_cannot_be_written() =>
        Assert.That(() => SignedEnvelope.Write(new MadeTrust(Now).With("targets", MadeTrust.Target("a\nb")).Contents["targets"].ToSignedBytes(), []), Throws.ArgumentException);

    [Test]
    public void Signatures_are_added_without_a_change_of_what_is_signed()
    {
        var made = new MadeTrust(Now);
        var (one, two) = (MadeKey.Ecdsa(), MadeKey.Ed25519());
        var content = made.Empty();
        var signed = content.ToSignedBytes();
        var file = MadeTrust.Sign(content, one);
        var both = SignedEnvelope.Add(file, [two.Sign(signed), one.Sign(signed) with { Value = [9] }])!;
        Assert.That(Envelope.Read(both).Signatures.Select(s => (s.KeyId, s.Value.Length)), Is.EqualTo(new[] { (two.Public.Id, 64), (one.Public.Id, 1) }));
        Assert.That(Envelope.Read(both).Message.ToArray(), Is.EqualTo(signed));
        Assert.That(SignedEnvelope.Add("x"u8.ToArray(), []), Is.Null);
    }

    [Test]
    public void Times_are_read_as_Go_writes_them()
    {
        foreach (var (text, time) in new[] { ("2029-12-01T12:00:00.416793211Z", "12:00:00.4167932"), ("2029-12-01T04:00:00.5-08:00", "12:00:00.5000000"), ("2029-12-01T12:00:00Z", "12:00:00.0000000") })
        {
            var content = RoleReader.Targets("targets", Encoding.UTF8.GetBytes($$"""{"_type":"Targets","expires":"{{text}}","targets":{},"version":1}"""));
            Assert.That($"{content.Expires:HH:mm:ss.fffffff}", Is.EqualTo(time));
        }
    }
}
