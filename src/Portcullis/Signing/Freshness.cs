namespace Portcullis.Signing;

/// <summary>How new what is found out about signatures must be.</summary>
internal enum Freshness
{
    /// <summary>What is kept will do; it is asked for again as its age, its expiry and the server's announcements ask for.</summary>
    Kept,

    /// <summary>The server is asked, unless that was done a moment ago: for who missed something and does not want to wait.</summary>
    Asked,

    /// <summary>The server is asked after the call, if need be a moment later, so that what was signed just now is found. What is unsigned does not press the server.</summary>
    New,
}
