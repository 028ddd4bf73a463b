using System.Text;
using Portcullis.Core.Trust.Tuf;
using Portcullis.Testing.Trust;

namespace Portcullis.Core.Tests.Trust.Tuf;

/// <summary>Metadata that are signed as they must be and not written as they must be.</summary>
[TestFixture]
internal sealed class MalformedMetadataTests
{
    private static readonly DateTimeOffset Now = new(2026, 12, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Each is one change of a good file's text; the message is what the check says of it.</summary>
    [TestCase("targets", "\"version\":1", "\"version\":0", "'version' is not a number of at least 1")]
    [TestCase("targets", "\"version\":1", "\"version\":-1", "'version' is not a number of at least 1")]
    [TestCase("targets", "\"version\":1", "\"version\":\"1\"", "'version' is not a number of at least 1")]
    [TestCase("targets", ",\"version\":1", "", "'version' or 'expires' is missing")]
    [TestCase("targets", "\"expires\":\"2029-12-01T12:00:00Z\",", "", "'version' or 'expires' is missing")]
    [TestCase("targets", "2029-12-01T12:00:00Z", "2029-12-01", "'expires' is not a time")]
    [TestCase("targets", "2029-12-01T12:00:00Z", "2029-12-01T12:00:00", "'expires' is not a time")]
    [TestCase("targets", "2029-12-01T12:00:00Z", "2029-13-01T12:00:00Z", "'expires' is not a time")]
    [TestCase("targets", "\"_type\":\"Targets\"", "\"_type\":\"targets\"", "it is of the type 'targets', not 'Targets'")]
    [TestCase("targets", "\"_type\":\"Targets\",", "", "it is of the type '', not 'Targets'")]
    [TestCase("targets", "\"targets\":{\"1\"", "\"target\":{\"1\"", "'targets' is missing")]
    [TestCase("targets", "\"length\":1", "\"length\":-1", "'length' of a target is not a number of at least 0")]
    [TestCase("targets", ",\"length\":1", "", "a target lacks 'length'")]
    [TestCase("targets", "\"sha256\":\"", "\"sha256\":\"AAAA", "'sha256' has not 32 bytes")]
    [TestCase("targets", "\"threshold\":1", "\"threshold\":0", "'threshold' is not a number of at least 1")]
    [TestCase("targets", ",\"threshold\":1", "", "the role targets/ci lacks 'keyids' or 'threshold'")]
    [TestCase("targets", "\"keyids\":[\"", "\"keyids\":[\"a", "which is not listed")]
    [TestCase("targets", "\"keytype\":\"ecdsa\"", "\"keytype\":\"rsa\"", "is listed under another id than its own")]
    [TestCase("targets", "\"delegations\":{", "\"delegations\":[],\"x\":{", "'delegations' is not an object")]
    [TestCase("targets", "\"paths\":[\"\"]", "\"paths\":[1]", "'paths' is not a text")]
    [TestCase("root", "\"threshold\":1", "\"threshold\":0", "'threshold' is not a number of at least 1")]
    [TestCase("root", "\"snapshot\":{\"keyids\"", "\"snapshots\":{\"keyids\"", "it lacks the role snapshot")]
    [TestCase("root", "\"keys\":{", "\"key\":{", "which is not listed")]
    [TestCase("snapshot", "\"meta\":{", "\"met\":{", "'meta' is missing")]
    [TestCase("snapshot", "\"targets\":{", "\"target\":{", "it does not name the file of targets")]
    [TestCase("snapshot", "\"sha256\"", "\"sha255\"", "a file of 'meta' lacks 'length' or the hash 'sha256'")]
    [TestCase("timestamp", "\"snapshot\":{", "\"snapshots\":{", "it does not name the file of snapshot")]
    [TestCase("timestamp", "\"length\":", "\"length\":-", "'length' is not a number of at least 0")]
    [TestCase("timestamp", "\"version\":1", "\"version\":1,\"version\":1", "a member is there twice")]
    [TestCase("timestamp", "\"version\":1", "\"version\":1.0", "a number is not whole, or too large")]
    [TestCase("timestamp", "\"version\":1", "\"version\":9007199254740993", "a number is not whole, or too large")]
    [TestCase("timestamp", "\"version\":1", "\"version\":1e2", "a number is not whole, or too large")]
    [TestCase("timestamp", "\"version\":1", "\"version\":1,\"z\":\"\\ud800\"", "a text is not Unicode")]
    [TestCase("timestamp", "{\"signed\"", "[{\"signed\"", "the file is not an object")]
    [TestCase("timestamp", "{\"signed\":", "{\"signe\":", "'signed' is missing")]
    [TestCase("timestamp", "\"signatures\":[", "\"signature\":[", "'signatures' is missing")]
    [TestCase("timestamp", "{\"signed\":", "{\"signed\":{},\"signed\":", "'signed' is there twice")]
    [TestCase("timestamp", "\"signatures\":[", "\"signatures\":[],\"signatures\":[", "'signatures' is there twice")]
    [TestCase("timestamp", "\"method\":\"eddsa\"", "\"method\":\"eddsa\",\"method\":\"eddsa\"", "'method' of a signature is there twice")]
    [TestCase("timestamp", "\"method\":\"eddsa\",", "", "a signature lacks 'keyid', 'method' or 'sig'")]
    [TestCase("timestamp", "\"sig\":\"", "\"sig\":\"\\n", "'sig' is not base64")]
    [TestCase("timestamp", "==\"}]}", "\"}]}", "'sig' is not base64")]
    [TestCase("timestamp", "]}", "]}x", "it is not JSON, or nested too deep")]
    [TestCase("timestamp", "]}", "]", "it is not JSON, or nested too deep")]
    public void A_file_with_such_a_change_is_refused_with_these_words(string role, string text, string instead, string message)
    {
        var made = new MadeTrust(Now).Delegate("targets/ci").With("targets", MadeTrust.Target("1")).Publish();
        var file = Encoding.UTF8.GetString(made.Files[role]);
        Assert.That(file, Does.Contain(text));
        var at = file.IndexOf(text, StringComparison.Ordinal);
        Put(made, role, file[..at] + instead + file[(at + text.Length)..]);
        var error = made.Load().Error;
        Assert.That(error?.Role, Is.EqualTo(role));
        Assert.That(error!.Message, Does.Contain(message));
    }

    [Test]
    public void A_file_that_is_not_UTF_8_is_refused()
    {
        var made = new MadeTrust(Now).Publish();
        made.Files["timestamp"] = Encoding.Latin1.GetBytes(Encoding.UTF8.GetString(made.Files["timestamp"]).Replace("\"version\"", "\"ä\":1,\"version\"", StringComparison.Ordinal));
        Assert.That(made.Load().Error!.ToString(), Is.EqualTo("timestamp: it is not UTF-8"));
    }

    [TestCase("")]
    [TestCase("null")]
    [TestCase("{}")]
    [TestCase("[]")]
    [TestCase("{\"signed\":null,\"signatures\":[]}")]
    [TestCase("{\"signed\":{},\"signatures\":[]}")]
    [TestCase("{\"signed\":{},\"signatures\":null}")]
    [TestCase("{\"signed\":{},\"signatures\":[null]}")]
    [TestCase("\ufeff{}")]
    public void What_is_no_metadata_is_refused_for_every_role(string file)
    {
        foreach (var role in new[] { "root", "timestamp", "snapshot", "targets" })
        {
            var made = new MadeTrust(Now).Publish();
            made.Files[role] = Encoding.UTF8.GetBytes(file);
            _ = role == "snapshot" ? made.Timestamp() : role == "targets" ? made.Snapshot() : made;
            Assert.That(made.Load().Error!.Role, Is.EqualTo(role));
        }
    }

    [Test]
    public void Nesting_without_end_is_refused()
    {
        var made = new MadeTrust(Now).Publish();
        made.Files["timestamp"] = Encoding.UTF8.GetBytes($"{{\"signed\":{string.Concat(Enumerable.Repeat("{\"a\":", 2000))}1{new string('}', 2000)},\"signatures\":[]}}");
        Assert.That(made.Load().Error!.Kind, Is.EqualTo(TufErrorKind.Malformed));
    }

    [Test]
    public void Signatures_without_end_are_refused()
    {
        var made = new MadeTrust(Now).Publish();
        var signed = made.RootContent().ToSignedBytes();
        made.Files["root"] = SignedEnvelope.Write(signed, Enumerable.Repeat(new TufSignature("a", "ecdsa", [1]), 1025));
        Assert.That(made.Load().Error!.Message, Is.EqualTo("there are more than 1024 signatures"));
    }

    /// <summary>Another spacing and order of the same values is the same metadata (Notary signs the values), where no hash says otherwise.</summary>
    [Test]
    public void The_same_values_written_in_another_way_have_the_same_signature()
    {
        var made = new MadeTrust(Now).Publish();
        var text = Encoding.UTF8.GetString(made.Files["timestamp"]);
        made.Files["timestamp"] = Encoding.UTF8.GetBytes("{\"signatures\" : " + text[(text.IndexOf("\"signatures\":", StringComparison.Ordinal) + 13)..^1] + ", \"x\":1, " + text[1..text.IndexOf(",\"signatures\"", StringComparison.Ordinal)].Replace("\"version\":1", "\"\\u0076ersion\" : 1", StringComparison.Ordinal) + "}\n");
        Assert.That(made.Load().Error, Is.Null);
    }

    /// <summary>Signs a text as the role's keys would: what is wrong is then the text alone.</summary>
    private static void Put(MadeTrust made, string role, string file)
    {
        var bytes = Encoding.UTF8.GetBytes(file);
        try
        {
            var message = Envelope.Read(bytes).Message.ToArray();
            var text = Encoding.UTF8.GetString(message);
            bytes = Encoding.UTF8.GetBytes($"{{\"signed\":{text},\"signatures\":[{string.Join(",", made.Keys[role].Select(k => k.Sign(message)).Select(s => $"{{\"keyid\":\"{s.KeyId}\",\"method\":\"{s.Method}\",\"sig\":\"{Convert.ToBase64String(s.Value)}\"}}"))}]}}");
        }
        catch (Exception e) when (e is MalformedMetadataException or System.Text.Json.JsonException)
        {
            // It is not even read as far as that.
        }

        made.Files[role] = bytes;
        _ = role == "snapshot" ? made.Timestamp() : role == "targets" ? made.Snapshot() : made;
    }
}
