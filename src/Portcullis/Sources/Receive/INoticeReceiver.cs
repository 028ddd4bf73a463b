using Microsoft.AspNetCore.Http;

namespace Portcullis.Sources.Receive;

/// <summary>Answers notices of one kind of sender, on the port that all receivers share.</summary>
internal interface INoticeReceiver
{
    /// <summary>What the paths of its senders begin with, such as <c>/hook/</c>.</summary>
    string PathPrefix { get; }

    /// <summary>The status to answer with.</summary>
    Task<int> ReceiveAsync(HttpRequest request, CancellationToken cancellationToken);
}
