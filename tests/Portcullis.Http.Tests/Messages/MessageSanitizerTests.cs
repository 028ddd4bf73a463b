using Portcullis.Http.Messages;

namespace Portcullis.Http.Tests.Messages;

/// <summary>No secret leaves in a message.</summary>
internal sealed class MessageSanitizerTests
{
    [TestCase("fetch https://ann:hunter2@git.example.com/x failed", "fetch https://***@git.example.com/x failed")]
    [TestCase("https://ann:p@ss@host/x", "https://***@host/x", Description = "a password with an unescaped @")]
    [TestCase("ssh://git@host and https://t0ken@host", "ssh://***@host and https://***@host")]
    [TestCase("Authorization: Bearer abcdefgh12345678", "Authorization: Bearer ***")]
    [TestCase("authorization: basic YWxhZGRpbjpvcGVu", "authorization: basic ***")]
    [TestCase("GET https://host/?access_token=abc&x=1", "GET https://host/?access_token=***&x=1")]
    [TestCase("client_secret=s3cr3t'", "client_secret=***'")]
    [TestCase("mail ann@example.com about https://host/a@b", "mail ann@example.com about https://host/a@b")]
    [TestCase("basic example of a bearer", "basic example of a bearer")]
    public void Credentials_are_taken_out_and_the_rest_stays(string message, string clean) =>
        Assert.That(MessageSanitizer.Clean(message), Is.EqualTo(clean));

    [Test]
    [CancelAfter(5000)]
    public void A_long_message_of_a_server_takes_no_time(CancellationToken cancellationToken)
    {
        var letters = new string('a', 1_000_000);
        Assert.That(MessageSanitizer.Clean(letters + "://" + letters + " Basic" + new string(' ', 1_000_000)), Has.Length.EqualTo(32_001));
        Assert.That(cancellationToken.IsCancellationRequested, Is.False);
    }

    [Test]
    public void A_message_is_cut_to_what_a_condition_takes() =>
        Assert.That(MessageSanitizer.Clean(new string('x', 50_000)), Has.Length.EqualTo(32_001).And.EndsWith("…"));
}
