-- Which applications of a round a Party organisation has: asked each time one is filed.
CREATE INDEX applications_body ON applications (body, round);
