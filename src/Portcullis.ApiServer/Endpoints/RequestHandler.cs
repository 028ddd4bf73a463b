using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Portcullis.ApiServer.Authentication;
using Portcullis.ApiServer.Authorization;
using Portcullis.ApiServer.Errors;
using Portcullis.ApiServer.Http;
using Portcullis.ApiServer.Resources;
using Portcullis.ApiServer.Storage;

namespace Portcullis.ApiServer.Endpoints;

/// <summary>Handles every request: authentication, impersonation, parsing, authorization, then the endpoint. Every failure is a Status.</summary>
internal sealed partial class RequestHandler(
    RequestAuthenticator authenticator,
    Impersonator impersonation,
    RbacAuthorizer authorizer,
    ResourceEndpoint resources,
    DocumentEndpoint documents,
    ILogger<RequestHandler> logger)
{
    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            await AnswerAsync(context);
        }
        catch (StatusException status) when (!context.Response.HasStarted)
        {
            await Answer.StatusAsync(context, status);
        }
        catch (DecodeException error) when (!context.Response.HasStarted)
        {
            await Answer.StatusAsync(context, StatusException.BadRequest(error.Message));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone: nobody to answer.
        }
        catch (StorageException error) when (!context.Response.HasStarted)
        {
            Log.Failed(logger, context.Request.Method, context.Request.Path, error);
            await Answer.StatusAsync(context, StatusException.Internal(error.Message));
        }
#pragma warning disable CA1031 // the last line of defence: a defect in one request must not end the server
        catch (Exception error) when (!context.Response.HasStarted)
#pragma warning restore CA1031
        {
            Log.Failed(logger, context.Request.Method, context.Request.Path, error);
            await Answer.StatusAsync(context, StatusException.Internal(error.GetType().Name));
        }
    }

    private static bool IsPublic(string path) => path is "/healthz" or "/livez" or "/readyz" or "/version"
        || path.StartsWith("/healthz/", StringComparison.Ordinal)
        || path.StartsWith("/livez/", StringComparison.Ordinal)
        || path.StartsWith("/readyz/", StringComparison.Ordinal);

    /// <summary>A list or watch of one object by field selector is allowed to whoever may list that name.</summary>
    private static RequestAttributes WithSelectedName(RequestAttributes attributes)
    {
        const string prefix = "metadata.name=";
        if (attributes.Name.Length > 0 || attributes.FieldSelector is not { } selector)
        {
            return attributes;
        }

        var term = selector.Split(',').FirstOrDefault(t => t.StartsWith(prefix, StringComparison.Ordinal));
        return term is null ? attributes : attributes with { Name = term[prefix.Length..].TrimStart('=') };
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "/";
        var user = authenticator.Authenticate(context.Request.Headers.Authorization, context.Connection.ClientCertificate);
        if (user is null)
        {
            throw new StatusException(401, "Unauthorized", "Unauthorized");
        }

        if (ImpersonationRequest.Read(context.Request.Headers) is { } wanted)
        {
            user = impersonation.Resolve(user, wanted);
        }

        var query = QueryOptions.Parse(context.Request.Query);
        var attributes = RequestParser.Parse(context.Request.Method, path, query);
        Authorize(user, attributes);
        if (attributes.IsResourceRequest)
        {
            await resources.HandleAsync(context, user, attributes, query);
        }
        else
        {
            await documents.HandleAsync(context, path);
        }
    }

    private void Authorize(UserInfo user, RequestAttributes attributes)
    {
        if (!attributes.IsResourceRequest && IsPublic(attributes.Path))
        {
            return;
        }

        var decision = authorizer.Authorize(user, WithSelectedName(attributes));
        if (!decision.Allowed)
        {
            throw ForbiddenMessage.Refusal(user, attributes, decision.Reason);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2603, LogLevel.Error, "Request {Method} {Path} failed")]
        public static partial void Failed(ILogger logger, string method, string path, Exception error);
    }
}
