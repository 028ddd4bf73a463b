namespace Portcullis.Scanning.Images;

/// <summary>What was given to be scanned is no image, or it is ambiguous which one. The message is for whoever gave it.</summary>
public sealed class ImageInputException(string message) : Exception(message);
