// A small photo as a phone would send it: with a place and a name in its metadata, which must not survive.

/** A JPEG of 160×120: hills and a road. */
const PLAIN = Buffer.from(
  "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//2wBDAQ4ODhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//wAARCAB4AKADASIAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwDoaKKK7TiCiiigAooooAKKKKACiiigAooooAKKKKACiiigAooooAKKKKACiiigAooooAKKKKACiiigAooooAKKKKACiiigAooooAKKKKACiiigAooooAKKKKACimsyopZ2CqOpJwKzLrVcErbAH/bP9BUSnGO4zVorn7W/lgkLMTIrfeDH9c1uQTJPEJIzkH8x7VNOqpg0SUUUVqIKKKKACiiigAooooAKKKKACiiigAooqG4uIrZN0rYz0A6mk2lqxk1U7rUIrc7R+8f0B4H1NZ13qMs+5E+SM8Y7ke9Uq5p4jpEdia4uprg5lckdlHQVDRRXK23qxhU1tcyWzloyOeoPQ1DRQm07oDo7W5S6i3pwR95e4qeuYhmkgffExVulbtleLdJzhZB95f6iu2lWUtHuS0WqKKK3EFFFFABRRRQAUUx5Y48eZIqZ6bjjNU5NVt04Tc5xxgYH61Mpxjuxl+isSXVp2yI1VAeh6kf5+lVJJ5Zf9ZIzDOcE8flWMsRFbDsaN1quCVtgD/tn+grLZmdizsWY9STk0lFcs5ynuMKKKKkAooooAKKKKAClRmRgyMVYdCDg0lKOlOKuy4R5mbdhficCOXiX6cNV6uXq0NTuViEYZcj+MjJrqjWsveFUp8uxvVWlvraIZMqt6BeawpJ5Zf8AWSMwznBPH5VHUyxPZEWNWbVxjEER+r/4Cqk2oXMp/wBYUHonH/16q0VjKrOW7HYCSxJYkk8knvRRRUAFFFFABRRRQAUUUUAFFFFABRRRQAU6kFLVx2OimtLhSGloqmrlSV1YbRRRWRzBRRRQIKKKKACiiigAooooAKKKKACiiigAooooAUdKWiitUdaVlYKKKKBiGkp1NqJIwqRs7hRRRUmQUUUUAFFFFABRRRQAUUUUAFFFFABQOtFFNblQ+JDqKKK0OoKKKKACkNFFJ7EzV4sSiiiszlCiiigAooooA//Z",
  "base64",
);

/** What the metadata of every photo says. */
export const PHOTO_SECRET = "NGUOI-CHUP-BI-MAT-21.9999N";

/** A photo with an EXIF block that holds [`PHOTO_SECRET`]. */
export function photo(): Buffer {
  const text = Buffer.from(`Exif\0\0II*\0\b\0\0\0\0\0\0\0\0\0${PHOTO_SECRET}`, "latin1");
  const size = Buffer.alloc(2);
  size.writeUInt16BE(text.length + 2);
  // After the first two bytes (start of image) comes the first segment.
  return Buffer.concat([PLAIN.subarray(0, 2), Buffer.from([0xff, 0xe1]), size, text, PLAIN.subarray(2)]);
}
