using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Identity;
using Portcullis.Objects.Json;
using Portcullis.Objects.Yaml;

namespace Portcullis.Commands;

/// <summary><c>portcullis token create</c>: a personal access token and the Secret that holds its digest.</summary>
internal static class TokenCommand
{
    private static readonly Argument<string> User = new("USER") { Description = "Whose token it is, as Grants name him." };
    private static readonly Option<string> Permission = new("--permission") { Description = "The most that it gives.", HelpName = "read|sign|readWrite|admin", DefaultValueFactory = _ => "read" };
    private static readonly Option<string[]> Repositories = new("--repository") { Description = "A repository that it is for; * stands for any part. Repeatable. Default: all.", HelpName = "NAME" };
    private static readonly Option<string> ExpiresIn = new("--expires-in") { Description = "When it ends, from now on. Default: never.", HelpName = "DURATION" };
    private static readonly Option<string> Name = new("--name") { Description = "The name of the Secret. Default: one of its own.", HelpName = "NAME" };

    public static Command Create()
    {
        var create = new Command("create", "Make a token: its Secret as YAML to the standard output, the token itself to the standard error.") { User, Permission, Repositories, ExpiresIn, Name };
        Permission.AcceptOnlyFromAmong("read", "sign", "readWrite", "admin");
        create.Validators.Add(result =>
        {
            if (result.GetValue(ExpiresIn) is { } text && KubernetesDuration.Parse(text) is not { Ticks: > 0 })
            {
                result.AddError($"--expires-in: \"{text}\" is not a duration such as 720h");
            }

            if (result.GetValue(Name) is { } name && !ObjectNames.IsSubdomain(name))
            {
                result.AddError($"--name: \"{name}\" is not the name of a Secret: lower-case letters, digits, '-' and '.'");
            }
        });
        create.SetAction(parsed =>
        {
            var name = parsed.GetValue(Name) ?? $"access-token-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(5))}";
            var token = AccessTokenText.Of(name, RandomNumberGenerator.GetBytes(AccessTokenText.SecretLength));
            parsed.InvocationConfiguration.Output.Write(KubernetesYaml.Write(Secret(parsed, name, token)));
            parsed.InvocationConfiguration.Error.WriteLine($"It gives what the Grants give to the user {parsed.GetRequiredValue(User)}; whether there is such a user is not checked.");
            parsed.InvocationConfiguration.Error.WriteLine($"The token, which is stored nowhere: {token}");
        });
        _ = create.WithExamples("portcullis token create ann --permission read --repository 'acme/*' --expires-in 2160h | kubectl apply -f -");
        return new Command("token", "Personal access tokens for the registry.") { create };
    }

    private static JsonObject Secret(ParseResult parsed, string name, string token)
    {
        var user = parsed.GetRequiredValue(User);
        var data = new JsonObject
        {
            [AccessTokenRecord.UserKey] = user,
            [AccessTokenRecord.DigestKey] = AccessTokenText.DigestOf(token),
            [AccessTokenRecord.PermissionKey] = parsed.GetRequiredValue(Permission),
        };
        if (parsed.GetValue(Repositories) is { Length: > 0 } repositories)
        {
            data[AccessTokenRecord.RepositoriesKey] = string.Join(' ', repositories);
        }

        if (parsed.GetValue(ExpiresIn) is { } text)
        {
            data[AccessTokenRecord.ExpiresKey] = KubernetesJson.Time(TimeProvider.System.GetUtcNow() + KubernetesDuration.Parse(text)!.Value);
        }

        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Secret",
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["namespace"] = WellKnown.SystemNamespace,
                ["labels"] = new JsonObject { [WellKnown.Labels.AccessTokenOf] = ObjectNames.IsLabelValue(user) ? user : "" },
            },
            ["type"] = "Opaque",
            ["stringData"] = data,
        };
    }
}
