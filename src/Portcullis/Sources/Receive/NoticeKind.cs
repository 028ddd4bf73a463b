namespace Portcullis.Sources.Receive;

/// <summary>Whether a notice was seen before.</summary>
internal enum NoticeKind
{
    New,

    /// <summary>Its sender sent it again.</summary>
    Repeated,

    /// <summary>Somebody sent again, under another number or none, what the sender had signed.</summary>
    Copied,
}
