using Portcullis.Commands;
using Portcullis.Core.Identity;
using Portcullis.Objects.Json;
using Portcullis.Objects.Yaml;

namespace Portcullis.Tests.Commands;

[TestFixture]
internal sealed class TokenCommandTests
{
    [TestCase("ann", "ann")]
    [TestCase("eve@example.com", "")]
    public async Task The_Secret_holds_the_digest_of_the_token_and_not_the_token(string user, string label)
    {
        var (code, output, error) = await RunAsync("token", "create", user, "--permission", "readWrite", "--repository", "acme/*", "--repository", "tools/x", "--expires-in", "720h");
        Assert.That(code, Is.Zero, error);
        var token = error.Trim().Split(' ')[^1];
        Assert.That(error, Does.StartWith($"It gives what the Grants give to the user {user}; whether there is such a user is not checked.\n"));
        var secret = KubernetesYaml.Read(System.Text.Encoding.UTF8.GetBytes(output)).Documents.Single().Root.AsObject();
        Assert.That(AccessTokenText.TryGetName(token, out var name), Is.True);
        var labels = secret["metadata"]!["labels"]!.AsObject();
        var record = AccessTokenRecord.Read(name!, labels.Single().Value!.GetValue<string>(), key => secret.Object("stringData").String(key))!;
        Assert.Multiple(() =>
        {
            Assert.That(labels.Single().Value!.GetValue<string>(), Is.EqualTo(label));
            Assert.That(secret["metadata"]!["name"]!.GetValue<string>(), Is.EqualTo(name));
            Assert.That(record.User, Is.EqualTo(user));
            Assert.That(AccessTokenText.Matches(token, record.Digest), Is.True);
            Assert.That(record.Limit.Repositories, Is.EqualTo(new[] { "acme/*", "tools/x" }));
            Assert.That(record.ExpiresAt, Is.Not.Null);
            Assert.That(output, Does.Not.Contain(token[^64..]));
        });
    }

    [TestCase("--permission", "all")]
    [TestCase("--expires-in", "soon")]
    [TestCase("--expires-in", "-5h")]
    [TestCase("--name", "Not_A_Name")]
    public async Task What_is_no_value_is_wrong_usage(string option, string value)
    {
        var (code, _, error) = await RunAsync("token", "create", "ann", option, value);
        Assert.That(code, Is.EqualTo(2));
        Assert.That(error, Does.EndWith("See: portcullis token create --help\n"));
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.RunAsync(args, output, error, [TokenCommand.Create()]);
        return (code, output.ToString(), error.ToString());
    }
}
